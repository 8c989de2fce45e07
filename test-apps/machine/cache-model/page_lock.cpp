// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/cache-model/page_lock.hpp"

#include <cerrno>
#include <system_error>

namespace ipu3::cache {
namespace {

void check(int error, const char* what) {
    if (error != 0) {
        throw std::system_error{error, std::generic_category(), what};
    }
}

class Attributes {
  public:
    Attributes() { check(::pthread_mutexattr_init(&attributes_), "cannot make a page lock"); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    Attributes(Attributes&&) = delete;
    Attributes& operator=(Attributes&&) = delete;
    ~Attributes() { (void)::pthread_mutexattr_destroy(&attributes_); }
    pthread_mutexattr_t* get() { return &attributes_; }

  private:
    pthread_mutexattr_t attributes_{};
};

} // namespace

void init_page_lock(pthread_mutex_t& mutex) {
    Attributes attributes;
    check(::pthread_mutexattr_setpshared(attributes.get(), PTHREAD_PROCESS_SHARED),
          "cannot share a page lock");
    check(::pthread_mutexattr_setrobust(attributes.get(), PTHREAD_MUTEX_ROBUST),
          "cannot make a page lock robust");
    check(::pthread_mutex_init(&mutex, attributes.get()), "cannot make a page lock");
}

PageLock::PageLock(pthread_mutex_t& mutex) : mutex_{mutex} {
    const int error = ::pthread_mutex_lock(&mutex_);
    if (error == EOWNERDEAD) {
        owner_died_ = true;
        check(::pthread_mutex_consistent(&mutex_), "cannot take over a page lock");
        return;
    }
    check(error, "cannot take a page lock");
}

PageLock::~PageLock() {
    (void)::pthread_mutex_unlock(&mutex_); // fails only for a lock that is not held
}

} // namespace ipu3::cache
