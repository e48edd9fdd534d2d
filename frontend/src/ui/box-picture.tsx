import { useState } from 'react';

interface Props {
  url: string | null;
  /** What stands there without a picture. */
  code: string;
  /** Said by screen readers; nothing where the name stands beside it. */
  alt?: string;
  /** Pixels of its width and height, whatever the picture's own are. */
  size: number;
}

/** The picture of a box; where there is none, or it does not come, its set's code in the same place. */
export function BoxPicture({ url, code, alt = '', size }: Props) {
  const [lost, setLost] = useState<string>();
  if (!url || lost === url) {
    return (
      <span className="box-picture none-yet" style={{ width: size, height: size }} {...(alt ? { role: 'img', 'aria-label': `no picture of ${code}` } : { 'aria-hidden': true })}>
        <span>{code}</span>
      </span>
    );
  }
  return (
    <img
      className="box-picture"
      src={url}
      alt={alt}
      width={size}
      height={size}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setLost(url)}
    />
  );
}

/** What stands for a box in a small square: its set, else how its symbol goes on. */
export function shortCode({ set_code: set, symbol }: { set_code: string | null; symbol: string }): string {
  return set ? set.replaceAll('-', '').slice(0, 6) : symbol.replace(/^BOX-/, '').slice(0, 4);
}
