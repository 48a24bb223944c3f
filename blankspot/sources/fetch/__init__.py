"""Public data over a network, for those who have one: what each provider lays where, and getting it whole.

`http` asks, `store` downloads (resumed, verified, kept), `catalogue` says what an order is; one module per provider knows its
layout, licence and limits. Nothing here reads or writes a workspace: that is `run.fetching`. The layouts were looked up in
November 2026; a provider that moves is reached by changing its base address in the settings (`fetch.base_url`).
"""
