// SVG pictures that came as text.

/** An SVG picture as an address for an `img`, in which none of its content can act. */
export function svgAddress(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
