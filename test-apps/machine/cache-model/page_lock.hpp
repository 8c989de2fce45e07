// SPDX-License-Identifier: GPL-2.0-or-later
// The lock of a tracked page, held by one thread of any of the processes.
#pragma once

#include <pthread.h>

namespace ipu3::cache {

/// Makes @p mutex, which lies in shared memory, ready for PageLock. Throws std::system_error.
void init_page_lock(pthread_mutex_t& mutex);

/// Holds a page's lock while it lives. A process that ends while it holds one does not stop the
/// others: the next one gets it and learns of it by owner_died(); what the dead one was doing to a
/// line may be half done.
class [[nodiscard]] PageLock {
  public:
    /// Waits. Throws std::system_error when the memory holds no such lock.
    explicit PageLock(pthread_mutex_t& mutex);
    PageLock(const PageLock&) = delete;
    PageLock& operator=(const PageLock&) = delete;
    PageLock(PageLock&&) = delete;
    PageLock& operator=(PageLock&&) = delete;
    ~PageLock();

    [[nodiscard]] bool owner_died() const { return owner_died_; }

  private:
    pthread_mutex_t& mutex_;
    bool owner_died_{false};
};

} // namespace ipu3::cache
