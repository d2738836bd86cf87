export default { ...(process.env.CACHE_COMPONENTS && { cacheComponents: true }) };
