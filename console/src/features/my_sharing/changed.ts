// What an owner's pages show anew after something of their sharing changed.
export const CHANGED = ["my share offers", "my given shares", "my share codes", "my share applications"];

/** The same for whoever receives. */
export const CHANGED_FOR_RECEIVER = ["my received offers", "my own applications", "my shares"];
