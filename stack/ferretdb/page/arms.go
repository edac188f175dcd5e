package page

import "slices"

// An arm costs about a millisecond of planning.
const maxArms = 24

// armsOf writes a condition as alternatives of conditions that all hold, so that each alternative fits one index:
// PostgreSQL walks an index in order from a place in it only for `a = 1 AND b < 2`, not for `a IN (1, 3)` or
// `b < 2 OR b = 2 AND c < 3`. What would make too many alternatives stays as it is.
func armsOf(where all) [][]condition {
	return productOf(flat(where))
}

// wholeArmsOf leaves the values that one field may have together. Alternatives of a keyset become arms nevertheless.
func wholeArmsOf(where all) [][]condition {
	parts := flat(where)
	for i, part := range parts {
		if _, ok := equalField(part); ok {
			parts[i] = whole{part}
		}
	}

	return productOf(parts)
}

// whole is a condition that becomes no arms.
type whole struct{ condition }

func productOf(parts []condition) [][]condition {
	// Those of few alternatives first: a keyset has two or three, and without it every page would begin at the start.
	slices.SortStableFunc(parts, func(a, b condition) int { return alternatives(a) - alternatives(b) })

	arms := [][]condition{{}}
	for _, part := range parts {
		ways := [][]condition{{part}}
		if len(arms)*alternatives(part) <= maxArms {
			ways = waysOf(part)
		}
		var product [][]condition
		for _, arm := range arms {
			for _, way := range ways {
				product = append(product, slices.Concat(arm, way))
			}
		}
		arms = product
	}

	return arms
}

// waysOf is the whole of it: a disjunction of conjunctions of comparisons.
func waysOf(one condition) [][]condition {
	switch one := one.(type) {
	case all:
		ways := [][]condition{{}}
		for _, part := range one {
			var product [][]condition
			for _, way := range ways {
				for _, more := range waysOf(part) {
					product = append(product, slices.Concat(way, more))
				}
			}
			ways = product
		}
		return ways
	case some:
		var ways [][]condition
		for _, part := range one {
			ways = append(ways, waysOf(part)...)
		}
		return ways
	default:
		return [][]condition{{one}}
	}
}

// alternatives is how many ways there are, without making them.
func alternatives(one condition) int {
	count := 1
	switch one := one.(type) {
	case all:
		for _, part := range one {
			count = min(count*alternatives(part), maxArms+1)
		}
	case some:
		count = 0
		for _, part := range one {
			count = min(count+alternatives(part), maxArms+1)
		}
	}

	return count
}
