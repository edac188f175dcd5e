package page

// condition is a comparison, or `all` or `some` of other conditions.
type condition interface{}

type (
	all  []condition
	some []condition

	comparison struct {
		field string
		op    operator
		value scalar
	}
)

type operator string

const (
	equal     operator = "="
	notEqual  operator = "<>"
	less      operator = "<"
	lessEqual operator = "<="
	more      operator = ">"
	moreEqual operator = ">="
	missing   operator = "IS NULL"
)

// flat is the same without conjunctions inside.
func flat(where all) []condition {
	var parts []condition
	for _, part := range where {
		if inner, ok := part.(all); ok {
			parts = append(parts, flat(inner)...)
		} else {
			parts = append(parts, part)
		}
	}

	return parts
}
