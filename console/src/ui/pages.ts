// Lists that come in cursor pages, with "load more".
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";

interface Page<T> { items: T[]; next_cursor: string | null }
type Filter = Record<string, string | number | boolean | null | undefined>;

export function usePages<T>(name: string, filter: Filter, list: (filter: Filter) => Promise<Page<T>>, poll: number | false = false) {
  const found = useInfiniteQuery({
    queryKey: [name, filter],
    queryFn: ({ pageParam }) => list({ ...filter, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: poll,
    placeholderData: (before) => before,
  });
  return { ...found, items: found.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** The same where a part of the list would mislead: it goes on by itself until all is there, or asking fails. */
export function useAllPages<T>(name: string, filter: Filter, list: (filter: Filter) => Promise<Page<T>>, poll: number | false = false) {
  const found = usePages(name, filter, list, poll);
  const { hasNextPage, isFetching, isError, fetchNextPage } = found;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return found;
}
