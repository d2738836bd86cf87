// Encodes and frames a body for the wire, correctly or not. Each function returns `{ bytes, headers
// }`, with a `label` if the result is unusual.
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

import type { Random } from "../support/random.ts";

import { noise } from "./bodies.ts";
import { plain } from "../support/scripted.ts";

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const NAMES = Object.keys(ENCODERS) as (keyof typeof ENCODERS)[];

export type Header = [string, string | number];

interface Encoded {
  label?: string;
  bytes: Buffer;
  headers: Header[];
}

interface Framed extends Encoded {
  version?: string;
  /** What becomes of the connection. Default: it is kept. */
  end?: string;
}

/** A choice for `weighted`. */
type Way = [number, () => Framed];

/** Bodies of a few KB that decompress to 20 MB of zeros. */
const BOMBS = Object.entries(ENCODERS).map(([encoding, encode]) => ({
  encoding,
  bytes: encode(Buffer.alloc(20_000_000)),
}));

/** An extra answer without a request. */
const ANOTHER = plain(404, '{"errors":[{"code":"a","message":"b","long_message":"c"}]}');

/** Compresses the body or not, correctly or not. */
export function encoded(random: Random, { bytes }: { bytes: Buffer }): Encoded {
  if (random.chance(0.8)) return { bytes, headers: [] };
  const name = random.pick(NAMES);
  const code = () => ENCODERS[name](bytes);
  const headers: Header[] = [["content-encoding", name]];
  return random.weighted<() => Encoded>([
    [5, () => ({ label: name, bytes: code(), headers })],
    [2, () => ({ label: `${name}, but not compressed`, bytes, headers })],
    [2, () => ({ label: `${name}, cut`, bytes: code().subarray(0, -random.int(1, 8)), headers })],
    [1, () => ({ label: `${name}, twice`, bytes: code(), headers: [...headers, ...headers] })],
    [1, () => ({ label: "odd encoding", bytes, headers: [["content-encoding", "zip, x"]] })],
    [1, () => bomb(random)],
  ])();
}

function bomb(random: Random): Encoded {
  const { bytes, encoding } = random.pick(BOMBS);
  return { label: `${encoding} bomb`, bytes, headers: [["content-encoding", encoding]] };
}

/** Frames the body: declares where it ends, correctly or not. */
export function framed(random: Random, bytes: Buffer, status: number): Framed {
  const ways: Way[] = [
    [12, () => ({ bytes, headers: length(bytes.length) })],
    [4, () => ({ bytes: chunked(random, bytes), headers: CHUNKED })],
    [2, () => ({ label: "until closed", bytes, headers: [], end: "close" })],
    [1, () => ({ label: "HTTP/1.0", bytes, headers: [], version: "HTTP/1.0", end: "close" })],
    ...wrongLengths(random, bytes),
    ...wrongChunks(random, bytes),
    ...wrongEnds(random, bytes, status),
  ];
  return random.weighted(ways)();
}

const CHUNKED: Header[] = [["transfer-encoding", "chunked"]];
const length = (value: string | number): Header[] => [["content-length", value]];

function wrongLengths(random: Random, bytes: Buffer): Way[] {
  const off = random.int(1, 20);
  const ODD = ["-1", "x", "1e9", "0x10", "", "18446744073709551617"];
  const long = () => ({
    label: "length too long",
    headers: length(bytes.length + off),
    end: random.pick(["close", "reset", "hang"]),
  });
  const short = () => ({
    label: "length too short",
    headers: length(Math.max(0, bytes.length - off)),
  });
  const odd = () => ({ label: "odd length", headers: length(random.pick(ODD)), end: "close" });
  const two = () => ({
    label: "two lengths",
    headers: [...length(bytes.length), ...length(bytes.length + off)],
    end: "close",
  });
  return [long, short, odd, two].map((make) => [1, () => ({ ...make(), bytes })]);
}

function wrongChunks(random: Random, bytes: Buffer): Way[] {
  const withLength = () => ({
    label: "length and chunks",
    bytes: chunked(random, bytes),
    headers: [...length(random.int(1, 20)), ...CHUNKED],
    end: "close",
  });
  const broken = () => ({
    label: "broken chunks",
    bytes: breakChunks(random, chunked(random, bytes)),
    headers: CHUNKED,
    end: random.pick(["close", "reset", "hang"]),
  });
  return [withLength, broken].map((make) => [1, make]);
}

function wrongEnds(random: Random, bytes: Buffer, status: number): Way[] {
  const headers = length(bytes.length);
  const more = (label: string, rest: Buffer) => ({
    label,
    bytes: Buffer.concat([bytes, rest]),
    headers,
  });
  return [
    [1, () => more("more after it", noise(random, random.int(1, 20)))],
    // After an informational status, this would be the final answer.
    [status < 200 ? 0 : 1, () => more("another answer after it", ANOTHER)],
  ];
}

function chunked(random: Random, bytes: Buffer) {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const part = bytes.subarray(at, at + random.int(1, bytes.length));
    const extension = random.chance(0.1) ? ";x=1" : "";
    parts.push(
      Buffer.from(`${part.length.toString(16)}${extension}\r\n`),
      part,
      Buffer.from("\r\n"),
    );
    at += part.length;
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

function breakChunks(random: Random, bytes: Buffer) {
  const copy = Buffer.from(bytes);
  return random.pick([
    () => copy.subarray(0, copy.length - random.int(1, 5)),
    () => Buffer.concat([Buffer.from("zz\r\n"), copy]),
    () => Buffer.concat([Buffer.from("ffffffffffffffffff\r\n"), copy]),
    () => Buffer.concat([Buffer.from("\n\n"), copy.subarray(2)]),
  ])();
}
