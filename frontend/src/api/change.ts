import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from './client';

/** A change; afterwards what it touches, by the first word of its key, is asked for again. */
export function useChange<Given, Made>(
  act: (given: Given) => Promise<Made>,
  touches: readonly string[],
): UseMutationResult<Made, Error, Given> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    networkMode: 'always',
    onSuccess: () => Promise.all(touches.map((noun) => client.invalidateQueries({ queryKey: [noun] }))),
    onError: (error) => {
      // Rights may have changed meanwhile: what is offered has to follow.
      if (error instanceof ApiError && [401, 403].includes(error.status)) void client.invalidateQueries({ queryKey: ['session'] });
    },
  });
}
