package gate

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"signalbox.local/stack/ferretdb/page"
)

const (
	// Whoever asked has given up by then.
	pagePatience = time.Minute

	// Documents that change while a page is read are made up for; after so often FerretDB reads the page by itself.
	pageRounds = 10

	// MongoDB's own limit of a document, and so of one answer.
	maxAnswer = 16 << 20
)

// findPage answers a `find` of one page: PostgreSQL chooses the documents, FerretDB gives them.
func (g *Gate) findPage(back *backend, request []byte, q *page.Query) ([]byte, error) {
	g.slots <- struct{}{}
	defer func() { <-g.slots }()

	patience := pagePatience
	if q.Timeout > 0 {
		patience = min(patience, q.Timeout)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()

	reading := &pageReader{back: back, request: request, query: q, read: map[string]bsoncore.Document{}}
	documents, err := reading.documents(ctx, g.pages)

	var refused refusal
	switch {
	case err == nil:
		return reply(request, cursorOf(q, documents)), nil
	case errors.As(err, &refused):
		return reply(request, refused.answer), nil
	case errors.Is(err, page.ErrUnknown), errors.Is(err, errTooLarge), errors.Is(err, errRestless):
		return back.ask(request)
	case errors.Is(err, errBackend):
		return nil, err
	default:
		g.Logger.Error("page", "error", err)
		return reply(request, failureOf(err)), nil
	}
}

var (
	errTooLarge = errors.New("page larger than an answer may be")
	errRestless = errors.New("documents keep changing")
	errBackend  = errors.New("FerretDB")
)

// refusal is FerretDB's answer to a read that it would not do, such as one with a wrong projection.
type refusal struct{ answer bsoncore.Document }

func (refusal) Error() string { return "refused" }

func failureOf(err error) bsoncore.Document {
	code, name := int32(1), "InternalError"
	if errors.Is(err, context.DeadlineExceeded) {
		code, name = 50, "MaxTimeMSExpired"
	}

	return bsoncore.NewDocumentBuilder().
		AppendDouble("ok", 0).AppendString("errmsg", err.Error()).AppendInt32("code", code).AppendString("codeName", name).
		Build()
}

// cursorOf is an answer with the whole page in its first batch.
func cursorOf(q *page.Query, documents []bsoncore.Document) bsoncore.Document {
	batch := bsoncore.NewArrayBuilder()
	for _, document := range documents {
		batch.AppendDocument(document)
	}

	return answerOf(q.Database, q.Collection, batch.Build())
}

// answerOf is a cursor with everything in its first batch.
func answerOf(database, collection string, batch bsoncore.Array) bsoncore.Document {
	cursor := bsoncore.NewDocumentBuilder().
		AppendArray("firstBatch", batch).AppendInt64("id", 0).AppendString("ns", database+"."+collection).
		Build()

	return bsoncore.NewDocumentBuilder().AppendDocument("cursor", cursor).AppendDouble("ok", 1).Build()
}
