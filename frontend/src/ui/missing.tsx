import { Hidden } from './hidden';

/** A figure that is not there, and why: under the pointer, and said by screen readers. */
export function Missing({ why }: { why: string }) {
  return (
    <span className="soft" title={why}>
      –<Hidden> {why}</Hidden>
    </span>
  );
}
