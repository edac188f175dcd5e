package main

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// FerretDB asks for documents with `_jsonb->'field' @> value`, which its own B-tree indexes cannot answer,
// so even a lookup by _id reads the whole table. This trigger gives every collection an index that can.
// It also does so for each ordinary index a client declares on a top-level field.
//
// Pending lists (fastupdate) make inserts cheaper and the lookups right after them slow.
const indexSQL = `
CREATE OR REPLACE FUNCTION signalbox_add_index() RETURNS event_trigger LANGUAGE plpgsql AS $body$
DECLARE
  made record;
  field text;
  owner text;
BEGIN
  FOR made IN SELECT objid, command_tag, object_identity FROM pg_event_trigger_ddl_commands() LOOP
    IF made.command_tag = 'CREATE TABLE' THEN
      IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = made.objid AND attname = '_jsonb')
        AND made.object_identity NOT LIKE '%._ferretdb_%' THEN
        EXECUTE format('CREATE INDEX ON %s USING gin ((_jsonb->''_id'') jsonb_path_ops) WITH (fastupdate = off)', made.object_identity);
      END IF;
    ELSIF EXISTS (
      SELECT FROM pg_index i JOIN pg_am a ON a.amname = 'btree' JOIN pg_class c ON c.oid = i.indexrelid AND c.relam = a.oid
      WHERE i.indexrelid = made.objid AND NOT i.indisunique
    ) THEN
      -- Only the first field: it is the one a query must name.
      field := substring(pg_get_indexdef(made.objid, 1, true) FROM '^\(?_jsonb -> ''([A-Za-z0-9_]+)''::text\)?$');
      IF field IS NOT NULL THEN
        SELECT i.indrelid::regclass::text INTO owner FROM pg_index i WHERE i.indexrelid = made.objid;
        EXECUTE format('CREATE INDEX ON %s USING gin ((_jsonb->%L) jsonb_path_ops) WITH (fastupdate = off)', owner, field);
      END IF;
    END IF;
  END LOOP;
END
$body$;
DROP EVENT TRIGGER IF EXISTS signalbox_add_index;
CREATE EVENT TRIGGER signalbox_add_index ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX') EXECUTE FUNCTION signalbox_add_index();
`

// addIndexTrigger installs the trigger, anew at every start, so that a database made by an earlier version gets the current one.
func addIndexTrigger(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)

	_, err = conn.Exec(ctx, indexSQL, pgx.QueryExecModeSimpleProtocol)

	return err
}
