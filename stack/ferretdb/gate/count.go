package gate

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"signalbox.local/stack/ferretdb/page"
)

// count answers a count with a limit, for which FerretDB would read every document of the first field's value.
func (g *Gate) count(back *backend, request []byte, q *page.Count) ([]byte, error) {
	g.slots <- struct{}{}
	defer func() { <-g.slots }()

	patience := pagePatience
	if q.Timeout > 0 {
		patience = min(patience, q.Timeout)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()

	count, err := g.pages.Count(ctx, q)
	switch {
	case err == nil:
		return reply(request, countOf(q, count)), nil
	case errors.Is(err, page.ErrUnknown):
		return back.ask(request)
	default:
		g.Logger.Error("count", "error", err)
		return reply(request, failureOf(err)), nil
	}
}

// countOf is the one document of the group; without any document there is no group.
func countOf(q *page.Count, count int) bsoncore.Document {
	batch := bsoncore.NewArrayBuilder()
	if count > 0 {
		batch.AppendDocument(bsoncore.NewDocumentBuilder().AppendInt32("_id", 1).AppendInt32("n", int32(count)).Build())
	}

	return answerOf(q.Database, q.Collection, batch.Build())
}
