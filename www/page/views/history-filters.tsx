// Filters the history: by the state now, by any text, or by one of its fields.
import { X } from "lucide-static";
import { useState } from "preact/hooks";

import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Tabs } from "../parts/table.tsx";
import { clearFilters, filter, filters, isFiltered, load, type } from "../state/history.ts";

const STATES: [name: string, title: string][] = [
  ["", "All"],
  ["active", "Active"],
  ["ended", "Used or revoked"],
  ["expired", "Expired"],
  ["failed", "Failed"],
  ["unknown", "Unknown"],
];

const FIELDS = [
  ["person", "Person", "text"],
  ["reason", "Reason", "text"],
  ["run", "Run ID", "text"],
  ["from", "From", "date"],
  ["until", "Until", "date"],
] as const;

export function HistoryFilters() {
  const { state, search, ...more } = filters.value;
  const isUsed = Object.values(more).some(Boolean);
  const [isOpen, setOpen] = useState(isUsed);
  return (
    <>
      <div class="filters">
        <Tabs of={STATES} chosen={state} onChoose={(state) => filter({ state })} />
        <input
          class="search"
          type="search"
          aria-label="Search by ID, person, reason or file"
          placeholder="ID, person, reason or file"
          value={search}
          onInput={({ currentTarget }) => type({ search: currentTarget.value })}
          onKeyDown={({ key }) => key === "Enter" && load()}
        />
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Filters
        </Button>
        {isFiltered() && (
          <Button class="quiet" icon={X} onClick={clearFilters}>
            Clear filters
          </Button>
        )}
      </div>
      {(isOpen || isUsed) && (
        <div class="card fields">
          {FIELDS.map(([name, label, kind]) => (
            <Field
              key={name}
              label={label}
              type={kind as "text"}
              value={more[name]}
              onText={(text) => type({ [name]: text.trim() })}
            />
          ))}
        </div>
      )}
    </>
  );
}
