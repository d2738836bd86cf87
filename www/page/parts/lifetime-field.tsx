// Asks how long a link works: a preset or a custom amount. Shows when it will expire.
import { useId } from "preact/hooks";

import { now } from "../state/clock.ts";
import { presets, problemOfLifetime, secondsOf, UNITS } from "../state/lifetime.ts";
import { dayAndTime, duration } from "../format.ts";
import type { LifetimeChoice } from "../types.ts";
import { Note } from "./field.tsx";

interface Props {
  value: LifetimeChoice;
  onChange: (value: LifetimeChoice) => void;
  problem?: string;
}

/** @param props.each whether the time starts for each link when it is created */
export function LifetimeField({
  legend,
  each,
  ...props
}: Props & { legend: string; each?: boolean }) {
  const id = useId();
  const { value, onChange, problem } = props;
  const options: [LifetimeChoice["choice"], string][] = [...presets(), ["custom", "Custom"]];
  return (
    <fieldset class="field" aria-describedby={id}>
      <legend>{legend}</legend>
      <div class="choices">
        {options.map(([choice, name]) => (
          <label key={choice}>
            <input
              type="radio"
              name={id}
              value={choice}
              checked={value.choice === choice}
              onChange={() => onChange({ ...value, choice })}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      {value.choice === "custom" && <Custom {...props} />}
      <Note id={id} problem={problem} hint={meaning(value, each)} />
    </fieldset>
  );
}

function Custom({ value, onChange, problem }: Props) {
  return (
    <div class="fields">
      <input
        type="number"
        min="1"
        step="1"
        aria-label="Amount"
        aria-invalid={problem ? "true" : undefined}
        value={value.amount}
        onInput={({ currentTarget }) => onChange({ ...value, amount: currentTarget.value })}
      />
      <select
        aria-label="Unit"
        value={value.unit}
        onChange={({ currentTarget }) => onChange({ ...value, unit: Number(currentTarget.value) })}
      >
        {UNITS.map(([seconds, name]) => (
          <option key={seconds} value={seconds}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function meaning(value: LifetimeChoice, each?: boolean) {
  const problem = problemOfLifetime(value);
  if (problem) return problem;
  const lifetime = secondsOf(value) * 1000;
  if (each) return `Each link expires ${duration(lifetime)} after it is created.`;
  return `Works until ${dayAndTime(now.value + lifetime)}.`;
}
