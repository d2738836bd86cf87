// Asks why a link is created or revoked.
import { Field } from "./field.tsx";

interface Props {
  value: string;
  onChange: (reason: string) => void;
}

export function ReasonField({ value, onChange }: Props) {
  return (
    <Field label="Reason" optional hint="Such as the ticket’s number. It is kept in the history.">
      {(props) => (
        <input
          type="text"
          name="reason"
          maxLength={200}
          autocomplete="off"
          value={value}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
          {...props}
        />
      )}
    </Field>
  );
}
