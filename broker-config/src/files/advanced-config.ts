/** Forward secrecy and authenticated encryption only: TLS 1.3's suites, and for TLS 1.2 what is as good. */
const cipherSuites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES128-GCM-SHA256',
];

/** A text in Erlang's quotes. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/**
 * How the broker speaks TLS. It is here and not in `rabbitmq.conf`, which knows nothing of lists of revoked certificates, and whose
 * settings of TLS are void as soon as there are some here.
 */
export const advancedConfig = (
  folder: string,
): string => `%% Made by Muster's broker-config. Changes are lost when it is made again.
[{rabbit, [
  {ssl_options, [
    {cacertfile, ${quoted(`${folder}/ca.pem`)}},
    {certfile, ${quoted(`${folder}/broker.pem`)}},
    {keyfile, ${quoted(`${folder}/broker.key`)}},
    %% Mutual TLS: without a certificate of this authority there is no connection.
    {verify, verify_peer},
    {fail_if_no_peer_cert, true},
    %% What the authority took back: its list is looked up in this folder at each connection, under the hash of the issuer's name.
    %% Without a list, and with one that is out of date, nobody is refused for it.
    {crl_check, best_effort},
    {crl_cache, {ssl_crl_hash_dir, {internal, [{dir, ${quoted(folder)}}]}}},
    %% TLS 1.2 is for certificates of RSA and ECDSA: Erlang speaks 1.3 alone with Ed25519.
    {versions, ['tlsv1.3', 'tlsv1.2']},
    {honor_cipher_order, true},
    {ciphers, [
      ${cipherSuites.map(quoted).join(',\n      ')}
    ]}
  ]}
]}].
`;
