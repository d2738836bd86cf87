// Shows an icon of Lucide's, given as its SVG.
export function Icon({ of }: { of: string }) {
  return <span class="icon" aria-hidden="true" dangerouslySetInnerHTML={{ __html: of }} />;
}
