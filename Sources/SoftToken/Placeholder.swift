// A place for the module's first type.
