import { newToken } from "../../token";

export default async function Page() {
  return <p>{await newToken()}</p>;
}
