package page

import (
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// More than this is no page.
const maxLimit = 5000

// Query is a `find` that asks for one page.
type Query struct {
	Database   string
	Collection string
	Filter     bsoncore.Document // nil: every document
	Projection bsoncore.Document // nil: whole documents
	Limit      int
	Timeout    time.Duration // 0: none given

	where all
	sort  []sortKey
}

type sortKey struct {
	field      string
	descending bool
}

// Options that change nothing about the answer, or that FerretDB ignores.
var ignored = []string{
	"find", "$db", "lsid", "$clusterTime", "$readPreference", "readConcern", "comment", "allowDiskUse", "hint",
	"apiVersion", "apiStrict", "apiDeprecationErrors",
}

// Understand is false for every command that FerretDB is to answer by itself.
func Understand(database, collection string, command bsoncore.Document) (*Query, bool) {
	elements, err := command.Elements()
	if err != nil || database == "" || collection == "" {
		return nil, false
	}

	q := &Query{Database: database, Collection: collection}
	batch, single, ok := int64(-1), false, true
	for _, element := range elements {
		switch value := element.Value(); element.Key() {
		case "filter":
			q.Filter, ok = value.DocumentOK()
		case "projection":
			q.Projection, ok = value.DocumentOK()
		case "sort":
			q.sort, ok = sortKeysOf(value)
		case "limit":
			var limit int64
			limit, ok = value.AsInt64OK()
			q.Limit = int(min(max(limit, 0), maxLimit+1))
		case "batchSize":
			batch, ok = value.AsInt64OK()
		case "singleBatch":
			single, ok = value.BooleanOK()
		case "maxTimeMS":
			var limit int64
			limit, ok = value.AsInt64OK()
			q.Timeout = time.Duration(limit) * time.Millisecond
		default:
			ok = slices.Contains(ignored, element.Key())
		}
		if !ok {
			return nil, false
		}
	}

	if single && batch >= 0 {
		q.Limit = int(min(int64(q.Limit), batch))
	} else if batch >= 0 && batch < int64(q.Limit) {
		// The rest would need a cursor.
		return nil, false
	}
	if len(q.sort) == 0 || q.Limit == 0 || q.Limit > maxLimit || isPositional(q.Projection) {
		return nil, false
	}
	q.where, ok = conditionOf(q.Filter)

	return q, ok && !namesOneDocument(q.where)
}

func sortKeysOf(value bsoncore.Value) ([]sortKey, bool) {
	doc, ok := value.DocumentOK()
	if !ok {
		return nil, false
	}
	elements, err := doc.Elements()
	if err != nil {
		return nil, false
	}

	var keys []sortKey
	for _, element := range elements {
		direction, ok := element.Value().AsInt64OK()
		if !ok || direction*direction != 1 || !fieldName.MatchString(element.Key()) {
			return nil, false
		}
		keys = append(keys, sortKey{element.Key(), direction == -1})
	}

	return keys, true
}

// isPositional: `list.$` means the element which the filter found, and the filter is another one when documents are read.
func isPositional(projection bsoncore.Document) bool {
	elements, _ := projection.Elements()

	return slices.ContainsFunc(elements, func(element bsoncore.Element) bool {
		return strings.Contains(element.Key(), "$") || element.Value().Type == bsontype.EmbeddedDocument
	})
}

// namesOneDocument: FerretDB finds one document by its _id quickly.
func namesOneDocument(where all) bool {
	return slices.ContainsFunc(where, func(one condition) bool {
		switch one := one.(type) {
		case comparison:
			return one.field == "_id" && one.op == equal
		case all:
			return namesOneDocument(one)
		default:
			return false
		}
	})
}
