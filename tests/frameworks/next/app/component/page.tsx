// A page with a server component that streams.
import { Suspense } from "react";

import { newToken } from "../../token";

async function Token() {
  return <p>{await newToken()}</p>;
}

export default function Page() {
  return (
    <Suspense fallback="…">
      <Token />
    </Suspense>
  );
}
