package page

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// ErrUnknown: there is no such collection, or its ids are of a type that is not read here.
var ErrUnknown = errors.New("page cannot be picked")

// FerretDB's own pool has 100 of PostgreSQL's connections; these are beside it.
const connections = 6

// Picker asks FerretDB's PostgreSQL database.
type Picker struct {
	pool *pgxpool.Pool
}

// NewPicker connects when it is first asked, and anew when PostgreSQL was away.
func NewPicker(ctx context.Context, url string) (*Picker, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	// Statements are not kept: there is a text for every filter, and plans are made for the values anyway.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec

	pool, err := pgxpool.NewWithConfig(ctx, config)

	return &Picker{pool}, err
}

// Pick returns the ids of the first `limit` documents, in order.
func (p *Picker) Pick(ctx context.Context, q *Query, limit int) ([]bsoncore.Value, error) {
	ids, err := p.pick(ctx, q, limit)

	var refused *pgconn.PgError
	if err != nil && !errors.Is(err, ErrUnknown) && !errors.As(err, &refused) && ctx.Err() == nil {
		// PostgreSQL was started anew: the pool's connections are all as dead as this one.
		p.pool.Reset()
		ids, err = p.pick(ctx, q, limit)
	}

	return ids, err
}

func (p *Picker) pick(ctx context.Context, q *Query, limit int) ([]bsoncore.Value, error) {
	at, err := p.find(ctx, q.Database, q.Collection)
	if err != nil {
		return nil, unknownOr(err)
	}
	if len(armsOf(q.where)) == 0 {
		return nil, nil
	}

	text, values := q.sqlOf(at, limit)
	rows, err := p.pool.Query(ctx, text, values...)
	if err != nil {
		return nil, unknownOr(err)
	}
	ids, err := pgx.CollectRows(rows, idOf)

	return ids, unknownOr(err)
}

// place is where FerretDB keeps a collection.
type place struct {
	table   string
	indexed map[string]bool // fields of declared indexes
}

// find reads it anew each time: FerretDB may have dropped the collection or made an index since.
func (p *Picker) find(ctx context.Context, database, collection string) (place, error) {
	at := place{indexed: map[string]bool{}}
	text := `SELECT _jsonb->>'table', ARRAY(
	    SELECT DISTINCT field FROM jsonb_array_elements(_jsonb->'indexes') AS declared, jsonb_object_keys(declared->'key') AS field
	  ) FROM ` + pgx.Identifier{database, "_ferretdb_database_metadata"}.Sanitize() + ` WHERE _jsonb->'_id' = to_jsonb($1::text)`

	var fields []string
	if err := p.pool.QueryRow(ctx, text, collection).Scan(&at.table, &fields); err != nil {
		return at, err
	}
	for _, field := range fields {
		at.indexed[field] = true
	}

	return at, nil
}

func unknownOr(err error) error {
	const undefinedTable = "42P01"
	var refused *pgconn.PgError
	if errors.Is(err, pgx.ErrNoRows) || errors.As(err, &refused) && refused.Code == undefinedTable {
		return ErrUnknown
	}

	return err
}
