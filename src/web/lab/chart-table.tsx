/** The figures of a chart as a table: the same for those who do not see it, and for copying. */

export interface ChartTableProps {
  /** What the table is of. */
  readonly caption: string;
  readonly columns: readonly string[];
  /** Each begins with its own heading. */
  readonly rows: readonly (readonly string[])[];
}

export const ChartTable = ({ caption, columns, rows }: ChartTableProps) => (
  <table className="chart-table">
    <caption className="hidden-visually">{caption}</caption>
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map(([heading = '', ...cells]) => (
        <tr key={heading}>
          <th scope="row">{heading}</th>
          {cells.map((cell, n) => (
            <td key={columns[n + 1]}>{cell}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
