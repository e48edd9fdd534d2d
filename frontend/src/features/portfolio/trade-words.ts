import type { Action, Trade } from '@/api/portfolio-trades';
import { exact, exactPrice } from '@/lib/money';

export const ACTIONS: { value: Action; label: string }[] = [
  { value: 'buy', label: 'Buy' },
  { value: 'sell', label: 'Sell' },
  { value: 'short', label: 'Sell short' },
  { value: 'cover', label: 'Cover a short' },
  { value: 'deposit', label: 'Pay money in' },
  { value: 'withdrawal', label: 'Take money out' },
  { value: 'dividend', label: 'Dividend' },
  { value: 'fee', label: 'Fee' },
];

export const actionInWords = (action: Action): string => ACTIONS.find((one) => one.value === action)?.label ?? action;

/** Buy, sell, short and cover are of shares; the others of money alone. */
export const ofShares = (action: Action): boolean => ['buy', 'sell', 'short', 'cover'].includes(action);

/** `10 × 42.10 USD`, or the amount of money. */
export function tradeInWords(trade: Pick<Trade, 'action' | 'quantity' | 'price' | 'amount' | 'currency'>): string {
  const size = ofShares(trade.action) ? `${exact(trade.quantity)} × ${exactPrice(trade.price)}` : exactPrice(trade.amount);
  return `${size} ${trade.currency}`;
}
