/** A section of `console.yaml` to begin with; see docs/guide/notifications.md. */
export const exampleSection = `notify:
  webhooks:
    - name: ops
      url: https://hooks.example.com/muster
      secret_file: ops.secret
      on: [failed, threshold]`;
