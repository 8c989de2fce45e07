/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The backend's coherency, with everything at once: a CPU that writes and reads through mappings that come and go, a
 * prefetcher, an evictor, a device that does not snoop (it may read or write) and two importers that share the buffer: one
 * of the same kind, and one that snoops and whose writes stay in the caches.
 * docs/coherency.md maps the names to vb2-ipu-iommu/{coherency,sync}.c.
 *
 * One cache line stands for all: lines do not influence each other, and whether a line is within a frame's payload is
 * chosen anew for each frame. Values are reduced to "is what was written last".
 *
 * What the backend does within its sync_lock is not one step here, for completion handlers do not take that lock.
 *
 * With -DSABOTAGE=1 (no flush in begin), 2 (none in settle), 3 (none for the first view) or 4 (a writer that goes leaves
 * nothing dirty), 5 (nor does a device whose writes stay in the caches) or 6 (no flush before a device that snoops) an
 * assertion fails.
 */
#ifndef SABOTAGE
#define SABOTAGE 0
#endif

/* memory and cache */
bool memory_ok = true;      /* memory holds what was written last */
bool cached, copy_ok, line_dirty;

/* ipu_coherency, one line's worth; event is IPU_BUFFER_DEVICE_WROTE, kept is IPU_BUFFER_CACHE_WROTE */
bool event, kept, stale, dirty;
bool reader, writer;        /* mappings: at most one of each */
bool locked;                /* sync_lock */

/* whose turn it is, by videobuf2's rules */
mtype = { user, queued, done };
mtype owner = user;
bool device_reads, device_writes, payload;

inline lock() { atomic { !locked -> locked = true } }
inline unlock() { locked = false }

inline load() {
	if
	:: !cached -> cached = true; copy_ok = memory_ok; line_dirty = false
	:: else
	fi
}

/* CLFLUSH, and an eviction */
inline flush() {
	d_step {
		if
		:: cached && line_dirty -> memory_ok = copy_ok
		:: else
		fi;
		cached = false; line_dirty = false; copy_ok = false
	}
}

inline fold() {
	d_step {
		if
		:: kept -> kept = false; dirty = true
		:: else
		fi;
		if
		:: event -> event = false; stale = true
		:: else
		fi
	}
}

/* ---- what may happen at any time ---- */

active proctype prefetcher() { do :: d_step { load() } od }

active proctype evictor() { do :: flush() od }

/* ---- user space ---- */

inline open_view(flag) {
	lock();
	fold();
	if
	:: stale ->
#if SABOTAGE != 3
		flush();
#endif
		stale = false
	:: else
	fi;
	flag = true;
	unlock()
}

active proctype mapper() {
	do
	:: !reader -> open_view(reader)
	:: !writer -> open_view(writer)
	:: reader -> lock(); reader = false; unlock()
	:: writer -> lock(); writer = false; dirty = (SABOTAGE != 4); unlock()
	od
}

/* The CPU writes only what it may: its own buffer, through a mapping. */
active proctype cpu() {
	do
	:: d_step { owner == user && writer -> cached = true; copy_ok = true; line_dirty = true; memory_ok = false }
	:: d_step { owner == user && (reader || writer) -> load(); assert(copy_ok) }
	/* Looking while the device writes is allowed, and fetches what it fetches. */
	:: d_step { owner != user && (reader || writer) -> load() }
	od
}

/* ---- queue, device, dequeue; the importer is the same with the same state ---- */

inline use(reads, writes, snoops) {
	/* QBUF: begin. From here on user space does not write. */
	atomic { owner == user -> owner = done };
	lock();
	fold();
	if
	:: snoops && stale ->
#if SABOTAGE != 6
		flush();
#endif
		stale = false; dirty = false
	:: !snoops && (dirty || writer) ->
#if SABOTAGE != 1
		flush();
#endif
		dirty = false; stale = false
	:: else
	fi;
	unlock();
	device_reads = reads; device_writes = writes;
	if :: payload = true :: payload = false fi;
	owner = queued;

	do
	:: device_reads && !snoops -> assert(memory_ok)
	:: d_step { device_reads && snoops -> assert((cached && copy_ok) || (!cached && memory_ok)) }
	:: d_step { device_writes && payload && !snoops -> memory_ok = true; copy_ok = false; assert(!line_dirty) }
	:: d_step {
		device_writes && payload && snoops ->
		cached = true; copy_ok = true; line_dirty = true; memory_ok = false
	}
	:: break
	od;

	/* The interrupt: no lock. */
	if
	:: device_writes && !snoops -> event = true
	:: device_writes && snoops -> kept = (SABOTAGE != 5)
	:: else
	fi;
	owner = done;

	/* DQBUF: settle. */
	lock();
	d_step {
		if
		:: kept -> kept = false; dirty = true
		:: else
		fi;
		if
		:: event -> event = false; stale = stale || payload
		:: else
		fi
	};
	if
	:: stale && (reader || writer) ->
#if SABOTAGE != 2
		flush();
#endif
		stale = false
	:: else
	fi;
	unlock();
	owner = user
}

active proctype device() {
	do
	:: use(false, true, false)
	:: use(true, false, false)
	:: use(true, true, false)
	od
}

active proctype importer() {
	do
	:: use(true, false, false)
	:: use(false, true, false)
	od
}

active proctype snooper() {
	do
	:: use(true, false, true)
	:: use(false, true, true)
	od
}
