package page

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// More than this is no count that somebody waits for.
const maxCount = 10_000_000

// Count is what drivers send for `countDocuments` with a limit: an `aggregate` of $match, $limit and a sum of ones.
type Count struct {
	Database   string
	Collection string
	Limit      int
	Timeout    time.Duration // 0: none given

	where all
}

// UnderstandCount is false for every command that FerretDB is to answer by itself.
func UnderstandCount(database, collection string, command bsoncore.Document) (*Count, bool) {
	elements, err := command.Elements()
	if err != nil || database == "" || collection == "" {
		return nil, false
	}

	c := &Count{Database: database, Collection: collection}
	for _, element := range elements {
		ok := true
		switch value := element.Value(); element.Key() {
		case "pipeline":
			ok = c.readPipeline(valuesOf(value))
		case "maxTimeMS":
			var limit int64
			limit, ok = value.AsInt64OK()
			c.Timeout = time.Duration(limit) * time.Millisecond
		case "aggregate", "cursor":
		default:
			ok = slices.Contains(ignored, element.Key())
		}
		if !ok {
			return nil, false
		}
	}

	return c, c.Limit > 0 && c.Limit <= maxCount && !namesOneDocument(c.where)
}

func (c *Count) readPipeline(stages []bsoncore.Value) bool {
	if len(stages) != 3 {
		return false
	}
	filter, isMatch := stageOf(stages[0], "$match").DocumentOK()
	limit, isLimit := stageOf(stages[1], "$limit").AsInt64OK()
	group, isGroup := stageOf(stages[2], "$group").DocumentOK()
	if !isMatch || !isLimit || !isGroup || !isSumOfOnes(group) {
		return false
	}
	c.Limit = int(min(limit, maxCount+1))

	where, ok := conditionOf(filter)
	c.where = where

	return ok
}

// stageOf is the value of a stage of one name, or nothing.
func stageOf(stage bsoncore.Value, name string) bsoncore.Value {
	doc, _ := stage.DocumentOK()
	elements, err := doc.Elements()
	if err != nil || len(elements) != 1 || elements[0].Key() != name {
		return bsoncore.Value{}
	}

	return elements[0].Value()
}

// isSumOfOnes: `{ _id: 1, n: { $sum: 1 } }`.
func isSumOfOnes(group bsoncore.Document) bool {
	elements, err := group.Elements()
	id, isID := group.Lookup("_id").AsInt64OK()
	one, isOne := group.Lookup("n", "$sum").AsInt64OK()

	return err == nil && len(elements) == 2 && isID && id == 1 && isOne && one == 1
}

// Count says how many documents there are, up to the limit.
func (p *Picker) Count(ctx context.Context, c *Count) (int, error) {
	at, err := p.find(ctx, c.Database, c.Collection)
	if err != nil {
		return 0, unknownOr(err)
	}

	doubts := "FALSE"
	for _, field := range rangesOf(c.where) {
		if !at.indexed[field] {
			doubts += fmt.Sprintf(" OR coalesce(jsonb_typeof(%s) = 'array', FALSE)", column(field))
		}
	}

	// PostgreSQL chooses how to find them: in no order, `a IN (1, 3)` needs no alternatives of its own.
	s := &statement{indexed: at.indexed, numbers: map[string]int{}}
	text := fmt.Sprintf(`SELECT count(*), coalesce(bool_or(doubtful), FALSE) FROM (SELECT %s AS doubtful FROM %s WHERE %s LIMIT %d) AS counted`,
		doubts, pgx.Identifier{c.Database, at.table}.Sanitize(), s.where(c.where, " AND ", "TRUE"), c.Limit)

	var count int
	var isDoubtful bool
	err = p.walks.QueryRow(ctx, text, s.values...).Scan(&count, &isDoubtful)
	if err == nil && isDoubtful {
		// Only FerretDB knows whether an array holds something of a range.
		return 0, ErrUnknown
	}

	return count, unknownOr(err)
}

// rangesOf are the fields that are compared by more or less.
func rangesOf(one condition) []string {
	var parts []condition
	switch one := one.(type) {
	case all:
		parts = one
	case some:
		parts = one
	case comparison:
		if slices.Contains([]operator{less, lessEqual, more, moreEqual}, one.op) {
			return []string{one.field}
		}
	}

	var fields []string
	for _, part := range parts {
		fields = append(fields, rangesOf(part)...)
	}

	return fields
}
