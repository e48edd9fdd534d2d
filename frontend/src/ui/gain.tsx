import { change } from '@/lib/format';
import { signedMoney } from '@/lib/money';

interface Props {
  /** What was earned, in a currency. */
  amount?: number | null;
  currency?: string;
  /** The same as a fraction. */
  share?: number | null;
}

/** What was earned or lost: a shape, a sign and the figure; the colour only repeats them. */
export function Gain({ amount, currency = '', share }: Props) {
  const size = amount ?? share;
  if (size == null) return <span className="soft">–</span>;
  const texts = [amount != null && signedMoney(amount, currency), share != null && change(share)].filter((text) => text !== false);
  const nothing = !texts.some((text) => /[1-9]/.test(text));
  const kind = nothing ? 'same' : size > 0 ? 'up' : 'down';
  return (
    <span className={`change ${kind}`}>
      <span aria-hidden="true">{{ up: '▲', down: '▼', same: '=' }[kind]}</span> {texts.join(' · ')}
    </span>
  );
}
