package page

import (
	"regexp"

	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

var ranges = map[string]operator{"$lt": less, "$lte": lessEqual, "$gt": more, "$gte": moreEqual}

// They stand in SQL as they are.
var fieldName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// conditionOf is false for a filter that holds anything else than is listed in the package's comment.
func conditionOf(filter bsoncore.Document) (all, bool) {
	elements, err := filter.Elements()
	if err != nil {
		return nil, false
	}

	conditions := all{}
	for _, element := range elements {
		var one condition
		ok := false
		switch key := element.Key(); {
		case key == "$and" || key == "$or":
			one, ok = junctionOf(key, element.Value())
		case fieldName.MatchString(key):
			one, ok = fieldConditionOf(key, element.Value())
		}
		if !ok {
			return nil, false
		}
		conditions = append(conditions, one)
	}

	return conditions, true
}

func junctionOf(key string, value bsoncore.Value) (condition, bool) {
	var parts []condition
	for _, value := range valuesOf(value) {
		filter, ok := value.DocumentOK()
		if !ok {
			return nil, false
		}
		part, ok := conditionOf(filter)
		if !ok {
			return nil, false
		}
		parts = append(parts, part)
	}
	if key == "$and" {
		return all(parts), len(parts) > 0
	}

	return some(parts), len(parts) > 0
}

func fieldConditionOf(field string, value bsoncore.Value) (condition, bool) {
	operators, ok := value.DocumentOK()
	if !ok {
		return equalityOf(field, value)
	}

	elements, err := operators.Elements()
	if err != nil || len(elements) == 0 {
		return nil, false
	}
	conditions := all{}
	for _, element := range elements {
		one, ok := operationOf(field, element.Key(), element.Value())
		if !ok {
			return nil, false
		}
		conditions = append(conditions, one)
	}

	return conditions, true
}

func operationOf(field, name string, value bsoncore.Value) (condition, bool) {
	switch name {
	case "$eq":
		return equalityOf(field, value)
	case "$ne":
		unwanted, ok := scalarOf(value)
		return comparison{field, notEqual, unwanted}, ok
	case "$in":
		return memberOf(field, value)
	}

	op, known := ranges[name]
	bound, ok := scalarOf(value)

	return comparison{field, op, bound}, known && ok && (bound.kind == bsontype.String || bound.kind == bsontype.Double)
}

func equalityOf(field string, value bsoncore.Value) (condition, bool) {
	wanted, ok := scalarOf(value)
	if wanted.kind == bsontype.Null {
		return some{comparison{field, equal, wanted}, comparison{field: field, op: missing}}, ok
	}

	return comparison{field, equal, wanted}, ok
}

func memberOf(field string, value bsoncore.Value) (condition, bool) {
	if value.Type != bsontype.Array {
		return nil, false
	}
	members := some{}
	for _, value := range valuesOf(value) {
		one, ok := equalityOf(field, value)
		if !ok {
			return nil, false
		}
		members = append(members, one)
	}

	return members, true
}

// valuesOf is empty for what is no array.
func valuesOf(value bsoncore.Value) []bsoncore.Value {
	array, _ := value.ArrayOK()
	values, _ := array.Values()

	return values
}
