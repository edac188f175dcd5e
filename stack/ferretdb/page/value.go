package page

import (
	"encoding/json"
	"math"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// Whole numbers beyond it and doubles written as FerretDB writes them are not always the same number.
const maxSafe = 1 << 53

// scalar is a value of a filter as PostgreSQL reads it: JSON text.
type scalar struct {
	kind bsontype.Type // String, Double (any number), Boolean or Null
	json string
}

func scalarOf(value bsoncore.Value) (scalar, bool) {
	switch value.Type {
	case bsontype.Null:
		return scalar{bsontype.Null, "null"}, true
	case bsontype.Boolean:
		return asJSON(bsontype.Boolean, value.Boolean())
	case bsontype.String:
		text := value.StringValue()
		// PostgreSQL holds neither; FerretDB says so to the client.
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return scalar{}, false
		}
		return asJSON(bsontype.String, text)
	case bsontype.Int32, bsontype.Int64:
		number := value.AsInt64()
		return withinSafe(float64(number), number)
	case bsontype.Double:
		return withinSafe(value.Double(), value.Double())
	default:
		return scalar{}, false
	}
}

func withinSafe(size float64, number any) (scalar, bool) {
	// Not a number is not within either.
	if !(math.Abs(size) < maxSafe) {
		return scalar{}, false
	}

	return asJSON(bsontype.Double, number)
}

func asJSON(kind bsontype.Type, value any) (scalar, bool) {
	text, err := json.Marshal(value)

	return scalar{kind, string(text)}, err == nil
}
