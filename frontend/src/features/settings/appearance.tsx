import { SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { enableKeys, useKeysEnabled } from '@/lib/keys';

/** How it looks in this browser. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const keys = useKeysEnabled();
  return (
    <section className="card" aria-labelledby="appearance">
      <h2 id="appearance">Appearance</h2>
      <p className="about">Kept in this browser.</p>
      <div className="form">
        <div className="field">
          <span id="colours">Colours</span>
          <SegmentedControl
            aria-labelledby="colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value)}
            data={[{ value: 'auto', label: 'As the system' }, { value: 'light', label: 'Light' }, { value: 'dark', label: 'Dark' }]}
          />
        </div>
        <Switch label="Single keys: j, k, /, h, ?" checked={keys} onChange={(event) => enableKeys(event.currentTarget.checked)} />
      </div>
    </section>
  );
}
