import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createQueryClient } from './queries.ts';
import { createConsoleRouter } from './router.tsx';
import { colors, theme } from './theme.ts';

const queries = createQueryClient();
const router = createConsoleRouter();
void import('../live/live-events.ts').then(({ startLiveEvents }) => startLiveEvents(queries));

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={colors} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
