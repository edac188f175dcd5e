package page

import (
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// idOf reads an _id: FerretDB keeps the types of a document's values beside them.
func idOf(row pgx.CollectableRow) (bsoncore.Value, error) {
	var text, kind string
	if err := row.Scan(&text, &kind); err != nil {
		return bsoncore.Value{}, err
	}

	switch kind {
	case "string":
		value, err := read[string](text)
		return bsoncore.Value{Type: bsontype.String, Data: bsoncore.AppendString(nil, value)}, err
	case "int":
		value, err := read[int32](text)
		return bsoncore.Value{Type: bsontype.Int32, Data: bsoncore.AppendInt32(nil, value)}, err
	case "long":
		value, err := read[int64](text)
		return bsoncore.Value{Type: bsontype.Int64, Data: bsoncore.AppendInt64(nil, value)}, err
	case "objectId":
		value, err := read[primitive.ObjectID](text)
		return bsoncore.Value{Type: bsontype.ObjectID, Data: value[:]}, err
	default:
		return bsoncore.Value{}, ErrUnknown
	}
}

func read[T any](text string) (value T, err error) {
	err = json.Unmarshal([]byte(text), &value)

	return value, err
}
