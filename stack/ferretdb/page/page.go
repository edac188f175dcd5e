// Package page lets PostgreSQL choose the documents of a page.
//
// FerretDB 1 sorts in its own memory: for fifty documents of a collection it reads all of them. PostgreSQL walks an
// index, or keeps the first few while it reads, so it is asked for the ids of a page in order. The documents are then
// read from FerretDB by their ids with the client's own filter, so that what is chosen here may be too much, but never
// too little.
//
// A `find` is understood when it has a sort and a limit and its filter compares top-level fields with strings, numbers,
// booleans and null by equality, $eq, $ne, $in, $lt, $lte, $gt, $gte, $and and $or. Everything else is FerretDB's.
//
// A page whose filter names values of several indexed fields has several plans (plans.go), of which the fastest counts.
//
// A count is understood when it has a limit; a range of a field without an index must meet no array.
//
// It holds for collections whose fields to sort by are there in every document and are all null, string or number of
// one kind, and whose fields in declared indexes are no arrays. Where a field is in no index, arrays are found, too.
// Strings compare as in MongoDB because the database has the collation C (`initdb --locale=C`).
package page
