// A MongoDB wire-protocol server on a PostgreSQL database.
//
// FerretDB's own command refuses to start when it is built as a dependency of another module;
// its embeddable package does not.
package main

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"

	"signalbox.local/stack/ferretdb/gate"
	"signalbox.local/stack/ferretdb/page"
)

// More than this at once only makes each slower on a small machine, and each may need two database connections.
const concurrency = 16

func main() {
	listen := flag.String("listen", "127.0.0.1:27017", "TCP address clients connect to")
	socket := flag.String("socket", "", "path of the private Unix socket FerretDB listens on")
	flag.Parse()

	// The live heap is a few megabytes, so the default of 100 % collects all the time: more than half of an
	// update's CPU went there.
	debug.SetGCPercent(800)

	logger := slog.New(quiet{slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if err := run(ctx, *listen, *socket, logger); err != nil {
		logger.Error("ended", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, listen, socket string, logger *slog.Logger) error {
	database := os.Getenv("FERRETDB_POSTGRESQL_URL")
	if err := addIndexTrigger(ctx, database); err != nil {
		return err
	}

	pages, err := page.NewPicker(ctx, database)
	if err != nil {
		return err
	}

	// A killed process leaves its socket file, and the next one could not listen.
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{Unix: socket},
		Logger:   logger,
		Handler:  "postgresql",
		// Besides the commands at work, every open cursor keeps a connection.
		PostgreSQLURL: database + "&pool_max_conns=100",
	})
	if err != nil {
		return err
	}

	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		_ = listener.Close()
	}()
	served := make(chan error, 1)
	go func() { served <- gate.New(socket, pages, concurrency, logger).Serve(listener) }()

	if err := server.Run(ctx); err != nil {
		return err
	}

	return <-served
}

// quiet leaves out the report of every failed SQL statement: duplicate keys are everyday answers to the client.
type quiet struct{ slog.Handler }

func (q quiet) Handle(ctx context.Context, record slog.Record) error {
	if record.Message == "Query" {
		return nil
	}

	return q.Handler.Handle(ctx, record)
}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
