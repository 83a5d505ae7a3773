// An agent of a node that was taken over: it says what its settings say, which is meant to harm whoever shows it.

/** @type {import('@muster/agent/api').AgentModule} */
export default {
  actions: {
    answer({ request, reply, settings }) {
      for (const [name, json] of Object.entries(settings['answer'])) reply[name] = JSON.parse(json);
      reply.echo = request.inputs['text'];
    },
    refuse({ settings, fail }) {
      fail(settings['refusal']);
    },
  },
};
