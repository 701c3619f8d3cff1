/** As `printableSchemas`, which loads them; a test compares them. */
export const SCHEMAS = ['image', 'images', 'drift', 'explanation', 'fields', 'clouds', 'check', 'capabilities', 'requests', 'shares', 'operations', 'plan', 'plans', 'moves', 'runs', 'leftovers', 'crosswalk'] as const
