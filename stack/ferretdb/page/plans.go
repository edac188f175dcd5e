package page

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// A plan that has not answered by then gets a rival. Most pages take a few milliseconds.
const headStart = 100 * time.Millisecond

// plan is one way to the same page.
type plan struct {
	pool   *pgxpool.Pool
	text   string
	values []any
}

// plansOf are the ways to a page, the one that is fast for most filters first.
//
// A walk along an index reads until it has enough, so it is fast where many documents fit, and slow where few or none
// do: `rule AND trigger` of a trigger that the rule does not have. PostgreSQL takes conditions for independent of each
// other and cannot tell. Intersecting the indexes of all conditions costs the same whatever fits, and then what fits.
// No estimate says which is better, so they race.
func (p *Picker) plansOf(q *Query, at place, limit int) []plan {
	arms := armsOf(q.where)
	text, values := q.sqlOf(at, arms, limit)
	plans := []plan{{p.walks, text, values}}
	if len(equalFields(q.where, at.indexed)) < 2 {
		return plans
	}

	// One arm of many may be the empty one, and the index of another field leads past it.
	if whole := wholeArmsOf(q.where); len(whole) < len(arms) {
		text, values := q.sqlOf(at, whole, limit)
		plans = append(plans, plan{p.walks, text, values})
	}
	text, values = q.intersectionOf(at, limit)

	return append(plans, plan{p.intersections, text, values})
}

// equalFields are the indexed fields that must have a value, or one of several.
func equalFields(where all, indexed map[string]bool) map[string]bool {
	fields := map[string]bool{}
	for _, part := range flat(where) {
		if field, ok := equalField(part); ok && indexed[field] {
			fields[field] = true
		}
	}

	return fields
}

func equalField(one condition) (string, bool) {
	switch one := one.(type) {
	case comparison:
		return one.field, one.op == equal || one.op == missing
	case some:
		field := ""
		for i, part := range one {
			name, ok := equalField(part)
			if !ok || i > 0 && name != field {
				return "", false
			}
			field = name
		}
		return field, len(one) > 0
	default:
		return "", false
	}
}

type picked struct {
	ids []bsoncore.Value
	err error
}

// race starts the plans one after another until one has answered, and ends the others.
func race(ctx context.Context, plans []plan) ([]bsoncore.Value, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	results := make(chan picked, len(plans))
	started, failed := 0, 0
	start := func() {
		one := plans[started]
		started++
		go func() {
			ids, err := one.ask(ctx)
			results <- picked{ids, err}
		}()
	}
	start()

	rival := time.NewTicker(headStart)
	defer rival.Stop()
	for {
		select {
		case result := <-results:
			if result.err == nil {
				return result.ids, nil
			}
			if failed++; failed == started {
				return nil, result.err
			}
		case <-rival.C:
			if started < len(plans) {
				start()
			}
		}
	}
}

func (p plan) ask(ctx context.Context) ([]bsoncore.Value, error) {
	rows, err := p.pool.Query(ctx, p.text, p.values...)
	if err != nil {
		return nil, err
	}

	return pgx.CollectRows(rows, idOf)
}
