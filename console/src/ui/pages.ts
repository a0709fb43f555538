// Lists that come in cursor pages, with "load more".
import { useInfiniteQuery } from "@tanstack/react-query";

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
