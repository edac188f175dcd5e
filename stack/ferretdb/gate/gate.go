// Package gate stands in front of FerretDB and gives its writes what MongoDB promises of them.
//
// FerretDB 1 updates a document by reading it, changing it in memory and writing it back, with no lock
// and no check that it is still the same. Two updates of one document at once lose one of them, and of
// two that race for `{state: "open"}` both win. It also keeps a database connection for every statement
// of a bulk update until the last one is done, and waits for ever when they run out.
//
// The gate therefore lets one writer at a time to a document, sends the statements of a bulk update
// one by one, and bounds how many commands are at work at once. It also has PostgreSQL choose the
// documents of a page, for which FerretDB would read the whole collection (package page says when, and
// what it takes for granted). It is complete because every client comes through it: FerretDB itself
// listens on a private socket.
package gate

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime/debug"

	"signalbox.local/stack/ferretdb/page"
)

// Gate serves clients of one FerretDB.
type Gate struct {
	Backend string // FerretDB's Unix socket
	Logger  *slog.Logger

	pages *page.Picker
	locks *locks
	slots chan struct{}
}

// New makes a gate to the FerretDB on this socket that works on at most `concurrency` commands at once.
func New(backend string, pages *page.Picker, concurrency int, logger *slog.Logger) *Gate {
	slots := make(chan struct{}, concurrency)

	return &Gate{Backend: backend, Logger: logger, pages: pages, locks: newLocks(), slots: slots}
}

// Serve accepts clients until the listener is closed.
func (g *Gate) Serve(listener net.Listener) error {
	for {
		client, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		go g.serve(client)
	}
}

func (g *Gate) serve(client net.Conn) {
	defer client.Close()
	// One client's bytes must not end the others' connections.
	defer func() {
		if mistake := recover(); mistake != nil {
			g.Logger.Error("client's message cannot be handled", "mistake", mistake, "stack", string(debug.Stack()))
		}
	}()

	conn, err := net.Dial("unix", g.Backend)
	if err != nil {
		g.Logger.Error("cannot reach FerretDB", "error", err)
		return
	}
	defer conn.Close()

	back := &backend{conn: conn, reader: bufio.NewReader(conn)}
	requests := bufio.NewReader(client)

	// Drivers wait for the answer before they use a connection again, so request and answer alternate.
	for {
		request, err := readMessage(requests)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				g.Logger.Debug("client left", "error", err)
			}
			return
		}

		silent := opCode(request) == opMsg && len(request) > headerLength+4 && request[headerLength]&flagMoreToCome != 0
		if silent {
			// A write without acknowledgement still holds its lock until it is done.
			request[headerLength] &^= flagMoreToCome
		}

		answer, err := g.handle(back, request)
		if err != nil {
			g.Logger.Error("connection to FerretDB broke", "error", err)
			return
		}
		if silent {
			continue
		}
		if _, err = client.Write(answer); err != nil {
			return
		}
	}
}

func (g *Gate) handle(back *backend, request []byte) ([]byte, error) {
	if opCode(request) != opMsg {
		return back.ask(request)
	}

	c, err := parseCommand(request)
	if err != nil {
		// FerretDB says what is wrong with it.
		return back.ask(request)
	}

	switch {
	case c.name == "update" && len(c.statements) > 1:
		return g.splitUpdate(back, request, c)
	case c.name == "update" || c.name == "delete":
		return g.exclusively(back, request, c.targetOf(c.filters()...))
	case c.name == "findAndModify" || c.name == "findandmodify":
		return g.exclusively(back, request, c.targetOf(c.body.Lookup("query")))
	case c.name == "find":
		if q, ok := page.Understand(c.database, c.collection, c.body); ok {
			return g.findPage(back, request, q)
		}
		return g.bounded(back, request)
	case c.name == "aggregate":
		if q, ok := page.UnderstandCount(c.database, c.collection, c.body); ok {
			return g.count(back, request, q)
		}
		return g.bounded(back, request)
	default:
		return g.bounded(back, request)
	}
}

func (g *Gate) exclusively(back *backend, request []byte, t target) ([]byte, error) {
	defer g.locks.acquire(t)()

	return g.bounded(back, request)
}

// bounded takes its slot last: whoever has one waits for no lock, so slots always come free.
func (g *Gate) bounded(back *backend, request []byte) ([]byte, error) {
	g.slots <- struct{}{}
	defer func() { <-g.slots }()

	return back.ask(request)
}
