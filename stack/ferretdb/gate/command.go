package gate

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// command is an OP_MSG taken apart: its body and, for the commands that write, the statements
// (`updates`, `deletes`) that stand in the body or in a section of their own.
type command struct {
	name       string
	database   string
	collection string
	body       bsoncore.Document
	field      string // the statements' field: `updates`, `deletes`, or empty
	statements []bsoncore.Document
}

var statementFields = map[string]string{"update": "updates", "delete": "deletes"}

// parseCommand expects a message whose code is OP_MSG.
func parseCommand(message []byte) (*command, error) {
	if len(message) < headerLength+5 {
		return nil, errors.New("short message")
	}

	flags := binary.LittleEndian.Uint32(message[headerLength:])
	rest := message[headerLength+4:]
	if flags&flagChecksum != 0 {
		if len(rest) < checksumLength {
			return nil, errors.New("message without its checksum")
		}
		rest = rest[:len(rest)-checksumLength]
	}

	c := new(command)
	sequences := map[string][]bsoncore.Document{}

	for len(rest) > 0 {
		kind := rest[0]
		rest = rest[1:]

		switch kind {
		case 0:
			doc, after, ok := bsoncore.ReadDocument(rest)
			if !ok {
				return nil, errors.New("broken body")
			}
			c.body, rest = doc, after
		case 1:
			size, _, ok := bsoncore.ReadLength(rest)
			if !ok || size < 5 || int(size) > len(rest) {
				return nil, errors.New("broken section")
			}
			name, docs, found := bytes.Cut(rest[4:size], []byte{0})
			if !found {
				return nil, errors.New("section without a name")
			}
			for len(docs) > 0 {
				doc, after, ok := bsoncore.ReadDocument(docs)
				if !ok {
					return nil, errors.New("broken document in a section")
				}
				sequences[string(name)] = append(sequences[string(name)], doc)
				docs = after
			}
			rest = rest[size:]
		default:
			return nil, fmt.Errorf("section of kind %d", kind)
		}
	}

	first, err := c.body.IndexErr(0)
	if err != nil {
		return nil, err
	}
	c.name = first.Key()
	c.collection, _ = first.Value().StringValueOK()
	c.database, _ = c.body.Lookup("$db").StringValueOK()

	if c.field = statementFields[c.name]; c.field == "" {
		return c, nil
	}
	if c.statements = sequences[c.field]; c.statements == nil {
		array, _ := c.body.Lookup(c.field).ArrayOK()
		values, _ := array.Values()
		for _, value := range values {
			if doc, ok := value.DocumentOK(); ok {
				c.statements = append(c.statements, doc)
			}
		}
	}

	return c, nil
}

// withStatement is the message that carries one statement of the command only.
func (c *command) withStatement(request []byte, index int) []byte {
	message := append([]byte{}, request[:headerLength]...)
	message = append(message, 0, 0, 0, 0, 0)

	start, message := bsoncore.AppendDocumentStart(message)
	elements, _ := c.body.Elements()
	for _, element := range elements {
		if element.Key() != c.field {
			message = append(message, element...)
		}
	}
	message, _ = bsoncore.AppendDocumentEnd(message, start)

	message = append(message, 1)
	message = binary.LittleEndian.AppendUint32(message, uint32(4+len(c.field)+1+len(c.statements[index])))
	message = append(message, c.field...)
	message = append(message, 0)
	message = append(message, c.statements[index]...)

	binary.LittleEndian.PutUint32(message, uint32(len(message)))

	return message
}

// target names the documents a statement may write.
type target struct {
	collection  string
	anyDocument bool
	ids         []string
}

// targetOf finds the _id a filter asks for by equality.
func (c *command) targetOf(filters ...bsoncore.Value) target {
	t := target{collection: c.database + "." + c.collection}

	for _, filter := range filters {
		doc, ok := filter.DocumentOK()
		if !ok {
			return target{collection: t.collection, anyDocument: true}
		}
		id, ok := idOf(doc)
		if !ok {
			return target{collection: t.collection, anyDocument: true}
		}
		t.ids = append(t.ids, id)
	}

	return t
}

func idOf(filter bsoncore.Document) (string, bool) {
	value, err := filter.LookupErr("_id")
	if err != nil {
		return "", false
	}

	if doc, ok := value.DocumentOK(); ok {
		first, err := doc.IndexErr(0)
		if err != nil || first.Key() != "$eq" {
			// Another operator, or a document as _id: not worth telling apart.
			return "", false
		}
		value = first.Value()
	}

	// 1, NumberLong(1) and 1.0 are the same _id. That 1.5 shares their lock does no harm.
	if number, ok := value.AsInt64OK(); ok {
		return "number " + strconv.FormatInt(number, 10), true
	}

	return value.Type.String() + " " + string(value.Data), true
}
