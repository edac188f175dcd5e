import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Column<Row> {
  key: string;
  header: ReactNode;
  render: (row: Row) => ReactNode;
  /** Of CSS. */
  maxWidth?: string;
}

interface Props<Row> {
  /** What the rows are. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Of CSS: below it the table scrolls. */
  minWidth?: string;
}

/** A table. Wider than the screen, it scrolls by itself, also by the keyboard. */
export function DataTable<Row>({ label, columns, rows, rowKey, minWidth = '40rem' }: Props<Row>) {
  return (
    <section aria-label={label} tabIndex={0} style={{ overflowX: 'auto' }}>
      <Table verticalSpacing="xs" miw={minWidth}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, header }) => (
              <Table.Th key={key} scope="col">
                {header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map(({ key, render, maxWidth }) => (
                <Table.Td key={key} maw={maxWidth}>
                  {render(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
