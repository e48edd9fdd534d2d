import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

configure({ asyncUtilTimeout: 60_000 }); // a part that is loaded when it is wanted takes seconds on a busy machine

afterEach(cleanup);
