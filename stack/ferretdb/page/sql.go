package page

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"go.mongodb.org/mongo-driver/bson/bsontype"
)

// Where a type begins among jsonb values, which are in the order null, strings, numbers, false, true, arrays, objects.
// No number of BSON is below that one.
const (
	firstString = `""`
	firstNumber = `-1e400`
	firstBool   = `false`
)

// statement is SQL under construction. Values are parameters, each of them once.
type statement struct {
	indexed map[string]bool
	bitmaps bool // equality is written for the indexes that bitmaps are made of
	values  []any
	numbers map[string]int
}

// sqlOf is the query for the ids of the first documents and the types they have in BSON.
func (q *Query) sqlOf(at place, ways [][]condition, limit int) (string, []any) {
	return q.selectionOf(&statement{indexed: at.indexed, numbers: map[string]int{}}, at, ways, limit)
}

// intersectionOf is the same query, to be answered without an order of any index.
func (q *Query) intersectionOf(at place, limit int) (string, []any) {
	s := &statement{indexed: at.indexed, bitmaps: true, numbers: map[string]int{}}

	return q.selectionOf(s, at, [][]condition{flat(q.where)}, limit)
}

func (q *Query) selectionOf(s *statement, at place, ways [][]condition, limit int) (string, []any) {
	columns, sort, order := "", "", ""
	for i, key := range q.sort {
		direction := ""
		if key.descending {
			direction = " DESC"
		}
		columns += fmt.Sprintf(", %s AS k%d", column(key.field), i)
		sort += ", " + column(key.field) + direction
		order += fmt.Sprintf(", k%d%s", i, direction)
	}
	from := pgx.Identifier{q.Database, at.table}.Sanitize()

	var arms []string
	for _, arm := range ways {
		arms = append(arms, fmt.Sprintf(
			`(SELECT _jsonb->'_id' AS id, _jsonb->'$s'->'p'->'_id'->>'t' AS type%s FROM %s WHERE %s ORDER BY %s LIMIT %d)`,
			columns, from, s.where(arm, " AND ", "TRUE"), sort[2:], limit,
		))
	}

	// UNION: what several arms find counts once.
	return fmt.Sprintf(`SELECT id::text, type FROM (%s) AS page ORDER BY %s LIMIT %d`,
		strings.Join(arms, " UNION "), order[2:], limit), s.values
}

func (s *statement) where(conditions []condition, junction, empty string) string {
	if len(conditions) == 0 {
		return empty
	}
	texts := make([]string, len(conditions))
	for i, one := range conditions {
		switch one := one.(type) {
		case all:
			texts[i] = s.where(one, " AND ", "TRUE")
		case some:
			texts[i] = s.where(one, " OR ", "FALSE")
		case whole:
			texts[i] = s.where([]condition{one.condition}, "", "")
		case comparison:
			texts[i] = s.compare(one)
		}
	}

	return "(" + strings.Join(texts, junction) + ")"
}

func (s *statement) compare(c comparison) string {
	field := column(c.field)
	switch c.op {
	case missing:
		return field + " IS NULL"
	case equal:
		if s.indexed[c.field] && !s.bitmaps {
			return field + " = " + s.parameter(c.value.json)
		}
		// Also true for an array that holds the value. The GIN index of a field is a fiftieth of its B-tree.
		return field + " @> " + s.parameter(c.value.json)
	case notEqual:
		if c.value.kind == bsontype.Null {
			return "(" + field + " @> 'null') IS FALSE"
		}
		return "(" + field + " @> " + s.parameter(c.value.json) + ") IS NOT TRUE"
	default:
		within := s.within(field, c)
		if s.indexed[c.field] {
			return within
		}
		// FerretDB, which checks each document, knows better what is in the array.
		return "(" + within + " OR jsonb_typeof(" + field + ") = 'array')"
	}
}

// within also names the other end of the value's type: MongoDB finds no numbers above a string.
func (s *statement) within(field string, c comparison) string {
	first, next := firstString, firstNumber
	if c.value.kind == bsontype.Double {
		first, next = firstNumber, firstBool
	}
	bound := fmt.Sprintf("%s %s %s", field, c.op, s.parameter(c.value.json))
	if c.op == less || c.op == lessEqual {
		return fmt.Sprintf("(%s AND %s >= '%s')", bound, field, first)
	}

	return fmt.Sprintf("(%s AND %s < '%s')", bound, field, next)
}

func (s *statement) parameter(json string) string {
	if s.numbers[json] == 0 {
		s.values = append(s.values, json)
		s.numbers[json] = len(s.values)
	}

	return fmt.Sprintf("$%d::jsonb", s.numbers[json])
}

// column is written as FerretDB writes it in its indexes.
func column(field string) string {
	return "(_jsonb->'" + field + "')"
}
