package gate

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"signalbox.local/stack/ferretdb/page"
)

// pageReader reads the documents of one page over the client's own connection to FerretDB.
type pageReader struct {
	back    *backend
	request []byte
	query   *page.Query

	read map[string]bsoncore.Document // by id; nil: gone, or no longer what the filter wants
	lost int                          // how many of them are nil
	size int
}

// documents asks again when some were changed or deleted after they were chosen: a page with fewer documents than its
// limit would be taken for the last one.
func (r *pageReader) documents(ctx context.Context, pages *page.Picker) ([]bsoncore.Document, error) {
	for range pageRounds {
		wanted := r.query.Limit + r.lost
		ids, err := pages.Pick(ctx, r.query, wanted)
		if err != nil {
			return nil, err
		}
		if err := r.readNew(ids); err != nil {
			return nil, err
		}

		var found []bsoncore.Document
		for _, id := range ids {
			if document := r.read[keyOf(id)]; document != nil && len(found) < r.query.Limit {
				found = append(found, document)
			}
		}
		if len(found) == r.query.Limit || len(ids) < wanted {
			return found, nil
		}
	}

	return nil, errRestless
}

func (r *pageReader) readNew(ids []bsoncore.Value) error {
	for _, id := range ids {
		if _, known := r.read[keyOf(id)]; known {
			continue
		}
		document, err := r.readOne(id)
		if err != nil {
			return err
		}
		r.read[keyOf(id)] = document
		if document == nil {
			r.lost++
		}
		if r.size += len(document); r.size > maxAnswer {
			return errTooLarge
		}
	}

	return nil
}

func keyOf(id bsoncore.Value) string {
	return string(id.Type) + string(id.Data)
}

// readOne returns nil when the document is not there or the filter does not want it.
func (r *pageReader) readOne(id bsoncore.Value) (bsoncore.Document, error) {
	answer, err := r.back.ask(r.requestFor(id))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBackend, err)
	}
	doc, err := replyDocument(answer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBackend, err)
	}
	if okay, _ := doc.Lookup("ok").AsInt64OK(); okay != 1 {
		return nil, refusal{doc}
	}

	batch, _ := doc.Lookup("cursor", "firstBatch").ArrayOK()
	documents, err := batch.Values()
	if err != nil || len(documents) == 0 {
		return nil, err
	}
	document, _ := documents[0].DocumentOK()

	return document, nil
}

// requestFor is the client's `find` for one document. FerretDB looks up by an _id that stands at the top of the filter.
func (r *pageReader) requestFor(id bsoncore.Value) []byte {
	filter := bsoncore.NewDocumentBuilder().AppendValue("_id", id)
	if r.query.Filter != nil {
		filter.AppendArray("$and", bsoncore.NewArrayBuilder().AppendDocument(r.query.Filter).Build())
	}
	find := bsoncore.NewDocumentBuilder().AppendString("find", r.query.Collection).AppendDocument("filter", filter.Build())
	if r.query.Projection != nil {
		find.AppendDocument("projection", r.query.Projection)
	}
	find.AppendInt64("limit", 1).AppendBoolean("singleBatch", true).AppendString("$db", r.query.Database)

	return requestOf(r.request, find.Build())
}
