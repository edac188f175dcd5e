package gate

import (
	"slices"
	"sync"
)

// locks serialises writers. A writer names the documents it touches by their _id and excludes other
// writers of these documents; one that cannot name them excludes every other writer of the collection.
type locks struct {
	mu          sync.Mutex
	collections map[string]*collectionLock
}

type collectionLock struct {
	// Held for reading by writers of named documents, for writing by one that touches any document.
	whole sync.RWMutex

	mu   sync.Mutex
	keys map[string]*keyLock
}

type keyLock struct {
	sync.Mutex
	users int // how many hold or await it; the last one removes it
}

func newLocks() *locks {
	return &locks{collections: map[string]*collectionLock{}}
}

// acquire blocks until the writer is alone and returns the function that lets the next one in.
func (l *locks) acquire(t target) (release func()) {
	l.mu.Lock()
	c := l.collections[t.collection]
	if c == nil {
		// Never removed: there are as many as collections.
		c = &collectionLock{keys: map[string]*keyLock{}}
		l.collections[t.collection] = c
	}
	l.mu.Unlock()

	if t.anyDocument {
		c.whole.Lock()
		return c.whole.Unlock
	}

	// One order for all writers, or two that share two documents could wait for each other.
	keys := slices.Compact(slices.Sorted(slices.Values(t.ids)))

	c.whole.RLock()
	for _, key := range keys {
		c.key(key).Lock()
	}

	return func() {
		for _, key := range keys {
			c.free(key)
		}
		c.whole.RUnlock()
	}
}

func (c *collectionLock) key(id string) *keyLock {
	c.mu.Lock()
	defer c.mu.Unlock()

	k := c.keys[id]
	if k == nil {
		k = new(keyLock)
		c.keys[id] = k
	}
	k.users++

	return k
}

func (c *collectionLock) free(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()

	k := c.keys[id]
	if k.users--; k.users == 0 {
		delete(c.keys, id)
	}
	k.Unlock()
}
