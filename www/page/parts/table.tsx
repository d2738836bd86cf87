// Shows tables, whose rows become blocks on a phone, and the buttons that filter them.
import type { ComponentChildren } from "preact";

interface TableProps {
  columns: ComponentChildren[];
  /** Its bodies. */
  children: ComponentChildren;
}

export function Table({ columns, children }: TableProps) {
  return (
    <table>
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={index} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  );
}

interface TabsProps<Name> {
  of: (readonly [Name, title: string])[];
  chosen: string;
  onChoose: (name: Name) => void;
  children?: ComponentChildren;
}

export function Tabs<Name extends string>({ of, chosen, onChoose, children }: TabsProps<Name>) {
  return (
    <div class="tabs" role="group" aria-label="Show">
      {of.map(([name, title]) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          onClick={() => onChoose(name)}
        >
          {title}
        </button>
      ))}
      {children}
    </div>
  );
}
