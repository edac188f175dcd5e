package gate

import (
	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// filters are the statements' filters.
func (c *command) filters() []bsoncore.Value {
	values := make([]bsoncore.Value, len(c.statements))
	for i, statement := range c.statements {
		values[i] = statement.Lookup("q")
	}

	return values
}

// splitUpdate sends the statements of an `update` one by one and joins the answers into one.
// As in MongoDB each statement is atomic by itself, and an ordered command ends at the first error.
func (g *Gate) splitUpdate(back *backend, request []byte, c *command) ([]byte, error) {
	ordered := true
	if value, ok := c.body.Lookup("ordered").BooleanOK(); ok {
		ordered = value
	}

	var sum joined
	for i, filter := range c.filters() {
		answer, err := g.exclusively(back, c.withStatement(request, i), c.targetOf(filter))
		if err != nil {
			return nil, err
		}

		doc, err := replyDocument(answer)
		if err != nil {
			return nil, err
		}
		if okay, _ := doc.Lookup("ok").AsInt64OK(); okay != 1 {
			return reply(request, doc), nil
		}

		if failed := sum.add(i, doc); failed && ordered {
			break
		}
	}

	return reply(request, sum.document()), nil
}

// joined is the answer to all statements so far.
type joined struct {
	matched, modified int32
	upserted, errors  []bsoncore.Value
}

// add joins the answer to statement `index` and says whether that statement failed.
func (j *joined) add(index int, answer bsoncore.Document) (failed bool) {
	if n, ok := answer.Lookup("n").AsInt32OK(); ok {
		j.matched += n
	}
	if n, ok := answer.Lookup("nModified").AsInt32OK(); ok {
		j.modified += n
	}

	j.upserted = append(j.upserted, renumbered(answer, "upserted", index)...)
	errors := renumbered(answer, "writeErrors", index)
	j.errors = append(j.errors, errors...)

	return len(errors) > 0
}

// renumbered are the documents of an array field with their `index` set to the statement's place in the whole command.
func renumbered(answer bsoncore.Document, field string, index int) []bsoncore.Value {
	array, _ := answer.Lookup(field).ArrayOK()
	values, _ := array.Values()

	var out []bsoncore.Value
	for _, value := range values {
		doc, ok := value.DocumentOK()
		if !ok {
			continue
		}
		builder := bsoncore.NewDocumentBuilder().AppendInt32("index", int32(index))
		elements, _ := doc.Elements()
		for _, element := range elements {
			if element.Key() != "index" {
				builder.AppendValue(element.Key(), element.Value())
			}
		}
		out = append(out, bsoncore.Value{Type: bsontype.EmbeddedDocument, Data: builder.Build()})
	}

	return out
}

func (j *joined) document() bsoncore.Document {
	builder := bsoncore.NewDocumentBuilder().AppendInt32("n", j.matched).AppendInt32("nModified", j.modified)
	for field, values := range map[string][]bsoncore.Value{"upserted": j.upserted, "writeErrors": j.errors} {
		if len(values) == 0 {
			continue
		}
		array := bsoncore.NewArrayBuilder()
		for _, value := range values {
			array.AppendValue(value)
		}
		builder.AppendArray(field, array.Build())
	}

	return builder.AppendDouble("ok", 1).Build()
}
