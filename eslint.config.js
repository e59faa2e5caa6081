import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const sources = ['**/*.ts'];

export default [
  { ignores: ['dist/', 'node_modules/', 'coverage/'] },
  js.configs.recommended,
  { rules: { 'no-duplicate-imports': 'error', 'no-nested-ternary': 'error' } },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: sources })),
  {
    files: sources,
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name' },
        {
          selector:
            'TSAsExpression > TSTypeReference > Identifier[name=/^(Verified|Witnessed|Unwitnessed)Bundle$/]',
          message: 'Only sigstore/verify/verifier.ts makes a VerifiedBundle',
        },
      ],
    },
  },
  {
    files: ['src/sigstore/verify/verifier.ts'],
    rules: { 'no-restricted-syntax': ['error', 'ExportDefaultDeclaration'] },
  },
  {
    files: ['scripts/**', 'lab/**', '*.js'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
];
