package page

import (
	"context"
	"errors"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// ErrUnknown: there is no such collection, or its ids are of a type that is not read here.
var ErrUnknown = errors.New("page cannot be picked")

// FerretDB's own pool has 100 of PostgreSQL's connections; these are beside it.
const (
	walkConnections         = 6
	intersectionConnections = 2
)

// What makes PostgreSQL intersect indexes instead of walking along one. A document costs far more to read than an entry
// of an index, since it has to be decompressed, and a bitmap of a million documents needs 16 MB to stay exact.
var intersecting = map[string]string{
	"enable_indexscan": "off",
	"enable_seqscan":   "off",
	"cpu_tuple_cost":   "0.1",
	"work_mem":         "32MB",
}

// Picker asks FerretDB's PostgreSQL database.
type Picker struct {
	walks         *pgxpool.Pool
	intersections *pgxpool.Pool
}

// NewPicker connects when it is first asked, and anew when PostgreSQL was away.
func NewPicker(ctx context.Context, url string) (*Picker, error) {
	walks, err := poolOf(ctx, url, walkConnections, nil)
	if err != nil {
		return nil, err
	}
	intersections, err := poolOf(ctx, url, intersectionConnections, intersecting)

	return &Picker{walks, intersections}, err
}

func poolOf(ctx context.Context, url string, connections int32, settings map[string]string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	// Statements are not kept: there is a text for every filter, and plans are made for the values anyway.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	maps.Copy(config.ConnConfig.RuntimeParams, settings)

	return pgxpool.NewWithConfig(ctx, config)
}

// Pick returns the ids of the first `limit` documents, in order.
func (p *Picker) Pick(ctx context.Context, q *Query, limit int) ([]bsoncore.Value, error) {
	ids, err := p.pick(ctx, q, limit)

	var refused *pgconn.PgError
	if err != nil && !errors.Is(err, ErrUnknown) && !errors.As(err, &refused) && ctx.Err() == nil {
		// PostgreSQL was started anew: the pool's connections are all as dead as this one.
		p.walks.Reset()
		p.intersections.Reset()
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

	ids, err := race(ctx, p.plansOf(q, at, limit))

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
	if err := p.walks.QueryRow(ctx, text, collection).Scan(&at.table, &fields); err != nil {
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
