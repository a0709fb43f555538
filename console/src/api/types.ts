// The names by which the console knows the API's types: all of them generated from the API's description.
export type * from "./generated";
